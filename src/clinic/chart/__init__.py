"""Today and the chart: reads every room, writes nothing."""
