"""Documents that leave the house: typeset, signed, and verified without asking the house."""
