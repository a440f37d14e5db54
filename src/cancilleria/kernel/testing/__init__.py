"""An invented procedure (a chess club's), the cast of people, and replay of actions."""
