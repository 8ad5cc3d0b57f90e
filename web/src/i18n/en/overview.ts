export const overview = {
  'overview.welcome': 'Everything that happens at your desk, as it happens.',
  'overview.welcomeText': 'The numbers on top are pushed to this page and are never older than a moment. Below them stands a report for the dates that you choose, against the same number of days before. Press any number to see the conversations behind it.',
  'overview.now': 'Now',
  'overview.pushed': 'pushed as it changes',
  'overview.sessionsToday': 'Sessions today',
  'overview.volume': 'Chat volume',
  'overview.service': 'Service performance',
  'overview.conversion': 'Conversion',
  'overview.violations': 'Violations',
  'overview.trend': 'Chats by day',
  'overview.share': '{share} of all chats',
};
