"""The network: organs, posts, officers, postings, authority and working-day calendars."""
