export const chats = {
  'chats.total': 'Total chats',
  'chats.trend': 'Chats by day and kind',
  'chats.byIntent': 'By intent',
  'chats.byTeam': 'By team',
  'chats.byChannel': 'By channel',
  'chats.byHour': 'By weekday and hour',
  'chats.press': 'press a number to see the chats',
};
