"""The projection engine: batches, folds, watermarks, parked subjects, rebuild beside the old."""
