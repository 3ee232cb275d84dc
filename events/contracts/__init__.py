"""What happened, in words that outlive the code: envelope, ids, events of every context."""
