import { mount } from 'svelte';
import App from './App.svelte';
import { prefs } from './lib/prefs.svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/print.css';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
await prefs.ready;
mount(App, { target });
