"""Carry out what a command does, from start to end, as plain functions without a terminal."""
