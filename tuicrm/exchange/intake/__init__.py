"""What comes in from outside, one post at a time: form posts and e-mails as leads, touches and entries of the log."""
