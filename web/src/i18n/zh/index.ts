import type { Catalogue } from '../en';
import { agent } from './agent';
import { ai } from './ai';
import { chats } from './chats';
import { conversion } from './conversion';
import { customers } from './customers';
import { definitions } from './definitions';
import { floor } from './floor';
import { history } from './history';
import { inbox } from './inbox';
import { insights } from './insights';
import { overview } from './overview';
import { performance } from './performance';
import { report } from './report';
import { rules } from './rules';
import { service } from './service';
import { settings } from './settings';
import { shell } from './shell';
import { team } from './team';
import { wallboard } from './wallboard';

/** Every text of the interface in Simplified Chinese, an area a file. */
export const zh: Catalogue = {
  ...shell,
  ...report,
  ...overview,
  ...chats,
  ...service,
  ...definitions,
  ...conversion,
  ...customers,
  ...performance,
  ...ai,
  ...inbox,
  ...wallboard,
  ...floor,
  ...agent,
  ...history,
  ...insights,
  ...rules,
  ...team,
  ...settings,
};
