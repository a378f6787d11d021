"""The payment provider, as this server meets it: asked by its SDK, and heard by its webhook."""
