"""Hooks that carry a client's events somewhere; import the module of the one you need."""
