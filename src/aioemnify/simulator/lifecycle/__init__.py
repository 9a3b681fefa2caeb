"""What happens as time passes: deliveries, operations, quotas that run out, changes of SIM status."""
