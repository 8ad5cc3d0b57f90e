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

/**
 * Every text of the interface in English, an area a file. `{name}` is filled in;
 * where a text depends on a number, `one || other` holds both forms and `{n}` chooses.
 */
export const en = {
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

export type Key = keyof typeof en;
export type Catalogue = Record<Key, string>;
