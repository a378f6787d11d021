# What this repository imports of gql, for checkers of an environment without it: it needs an
# older graphql-core. docs/tests/oracle compares it with the real one.
from .graphql_request import GraphQLRequest as GraphQLRequest
