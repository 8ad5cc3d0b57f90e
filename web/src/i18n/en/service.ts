export const service = {
  'service.responseRate': '{hours}h response rate',
};
