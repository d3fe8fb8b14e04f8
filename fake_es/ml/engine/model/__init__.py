"""The model of one series: level, seasons, trend and residuals, learnt bucket by bucket in constant memory."""
