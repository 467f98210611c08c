"""gluelint, an offline linter for AWS Glue connection definitions.

The package brings the command ``gluelint``; it has no interface for Python.
"""
