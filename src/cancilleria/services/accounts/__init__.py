"""Who is at the keyboard: users, second factors, sessions that die with the posting, audiences."""
