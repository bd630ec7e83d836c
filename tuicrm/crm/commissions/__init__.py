"""What people earn by the deals that they win: plans, the sums, and statements."""
