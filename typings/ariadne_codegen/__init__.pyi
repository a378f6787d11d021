# What this repository imports of ariadne-codegen, for checkers of an environment without it:
# it needs an older graphql-core. docs/tests/oracle compares it with the real one.
