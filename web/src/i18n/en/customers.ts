export const customers = {
  'customers.sessions': 'Sessions',
  'customers.service': 'Service',
  'customers.people': 'Customers',
  'customers.upgrades': 'Upgraded service',
  'customers.trend': 'Sessions by day',
  'customers.peopleTrend': 'Customers by day',
  'customers.byDay': 'Day by day',
};
