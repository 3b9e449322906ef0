"""The engine: BPMN 2.0 in, moves out.

Pure: no Django, no clock, no randomness, no input or output. It imports the standard library and
two parsers (defusedxml for the diagram, CEL for the conditions) and nothing else, so that what it
decides depends on its arguments alone. The theory of operation is in docs/explanation/engine.md.
"""
