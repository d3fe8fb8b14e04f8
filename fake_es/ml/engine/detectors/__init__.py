"""The models of detectors: how each kind of function scores the series of a bucket."""
