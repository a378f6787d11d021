"""GraphQL itself: the schema and its resolvers, documents, limits, and running a request.

It is not called `graphql`, because that is the library's name.
"""
