"""What a datafeed is configured with: read strictly, checked in the server's order, completed with the release's defaults."""
