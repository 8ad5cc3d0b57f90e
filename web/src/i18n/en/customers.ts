export const customers = {
  'customers.sessions': 'Sessions',
  'customers.service': 'Service',
  'customers.people': 'Customers',
  'customers.upgrades': 'Friends and upgraded service',
  'customers.noUpgrades': 'Nobody was invited to a specialist or a group in these days, and none of their customers is a friend. The figures appear when the platform sends service.invited, service.joined, or customer.updated with friend.',
  'customers.trend': 'Sessions by day',
  'customers.peopleTrend': 'Customers by day',
  'customers.byDay': 'Day by day',
};
