"""The engine: BPMN 2.0 in, moves out; pure."""
