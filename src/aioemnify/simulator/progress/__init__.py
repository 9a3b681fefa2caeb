"""What happens by itself as time passes: deliveries, operations, quotas that run out."""
