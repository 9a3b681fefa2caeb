"""What happens as time passes: deliveries, operations, expiring quotas, changes of SIM status."""
