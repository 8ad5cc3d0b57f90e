export const service = {
  'service.responseRate': '{hours}h response rate',
  'service.welcome': 'What the response rate counts',
  'service.welcomeText': 'Of the conversations in which a customer waited for a human for the first time, the share that an agent answered within {hours} hours. Nights and weekends count too, and answers of a bot do not. The grey line is what the best shops reach, where your profile says so.',
  'service.service': 'Service',
  'service.ratings': 'Ratings',
  'service.waiting': 'Waiting',
  'service.byTeam': 'By team',
  'service.byChannel': 'By channel',
  'service.byIntent': 'By intent',
  'service.byIntentNote': 'press a bar to see the chats',
  'service.trends': 'By day',
  'service.reasons': 'Why customers rated badly',
};
