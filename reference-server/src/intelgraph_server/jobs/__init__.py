"""Work that is done later: one table of jobs, claimed by one worker at a time, tried again."""
