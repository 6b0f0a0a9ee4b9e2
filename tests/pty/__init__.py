"""Tests of the pty."""
