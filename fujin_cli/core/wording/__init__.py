"""Put conditions, guarantees, labels and outcomes into words."""
