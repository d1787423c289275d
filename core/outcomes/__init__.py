"""What a campaign brought: outcomes of customers beside who was contacted and who was held out."""
