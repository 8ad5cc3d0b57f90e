import { describe, expect, it } from 'vitest';
import { floorAddress, floorLink, tileLink } from './floorlinks';

const none = new URLSearchParams();

describe('what is behind a number', () => {
  it('is on the floor for what is true now', () => {
    expect(floorLink('queue_length', none)).toBe('/floor');
    expect(floorLink('online_agents', none)).toBe('/floor?state=online');
    expect(floorLink('active_chats', none)).toBe('/floor?view=open&only=human');
    expect(floorLink('pending_replies', none)).toBe('/floor?view=open&only=owed');
    expect(floorLink('reply_rate', none)).toBeUndefined();
  });

  it('is of the same part of the desk, and keeps nothing else', () => {
    const query = new URLSearchParams('team=t%252C1&channel=web&state=paused&sort=-chats&watch=c1&next=b2');
    expect(floorLink('online_agents', query)).toBe('/floor?channel=web&team=t%252C1&state=online');
    expect(floorAddress(query, { view: 'open', with: 'a,1', only: 'owed' })).toBe('/floor?channel=web&team=t%252C1&view=open&with=a%2C1&only=owed');
    expect(tileLink('reply_rate', query)).toBe('/operation/service?range=today&channel=web&team=t%252C1');
  });

  it('is in today’s report for what is of today', () => {
    expect(tileLink('longest_wait_seconds', none)).toBe('/floor');
    expect(tileLink('blocked_messages', none)).toBe('/insights/risks?range=today');
    expect(tileLink('service_level', none)).toBe('/operation/service?range=today');
  });
});
