"""The pages of the registration: thin views over the drafts."""
