export const conversion = {
  'conversion.rateByDay': 'Conversion rate by day',
  'conversion.revenueByDay': 'Revenue after inquiry by day',
  'conversion.byIntent': 'By intent',
  'conversion.byTeam': 'By team',
  'conversion.byChannel': 'By channel',
  'conversion.window': 'An order counts if it was paid within {days} day of a chat. || An order counts if it was paid within {days} days of a chat.',
};
