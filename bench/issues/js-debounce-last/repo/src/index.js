export { debounce } from './debounce.js';
