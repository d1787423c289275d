"""From segments to a decision: what a campaign to an audience would cost and bring."""
