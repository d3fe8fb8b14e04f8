"""The model of one series: level, seasons and residuals, learnt one bucket at a time in constant memory."""
