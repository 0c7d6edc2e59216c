"""The pages of the policy parameters: what holds in a division, and setting it."""
