// Package wording tells by the words of a text what it resembles: a linear model for
// each of a few categories, which is trained here, kept as a readable file and read by
// the rules that go by the wording.
//
// # The model
//
// A text is Latin words, numbers and single Chinese characters; marks and blanks are
// left out. Its features are each of these, two in a row of a sentence, and three
// Chinese characters. A category's score is the sum of what the features weigh, each
// once, in the sentence or the two sentences in a row that have most of it: what else
// a long text says neither hides an offence nor adds up to one.
//
// # Cost
//
// A feature is found by a hash of its words, in a table of one cache line for each,
// behind a sieve of 16 KiB in which most features end that weigh nothing. What speaks
// for a category at all bounds its score, and most texts are done with that. Read and
// Score allocate nothing once their buffers have grown; Found does.
//
// # Ordering and concurrency
//
// A Model is immutable and safe for concurrent use, a Reader belongs to one caller at
// a time. Train depends on its examples and their order only.
//
// # What it may import
//
// Libraries that compute.
//
// # Decisions
//
// Words two or three apart, stems, pairs in any order, parts of words and vectors of
// words were tried, training with one author's lines and testing with another's. None
// told more than two in a row; a linear support vector machine with strong
// regularisation told more than logistic regression. More lines would change this
// first.
//
// Marks are no features: the corpora end ordinary talk with a full stop and offences
// without, which a model learns at once and nobody's messages keep to.
package wording
