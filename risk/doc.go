// Package risk is the inline check's engine: it reads a message before its
// reader does and says whether it may pass, which rules it broke, where, why and
// what to write instead.
//
// # Sets and engines
//
// A Set is what a tenant stores and edits: the rules of a preset, changes to them,
// rules of its own, what all rules let pass, and what happens to a message that
// could not be judged. ParseSet reads one from JSON and names every faulty rule
// with the member, the byte and the reason. Compile makes an Engine of all of it
// or of nothing. An Engine never changes; the caller keeps it behind an atomic
// pointer and swaps the whole engine when the rules change, so that no check is
// judged by half a set.
//
// # How a check runs
//
// The text is normalised in one pass into a reusable buffer (width and
// compatibility forms, case, accents, invisible characters, traditional Chinese),
// with a map from every normalised byte back to the bytes that were sent. That is
// the plain view. Others are made only where the text gives reason for them:
// without separators inside words and with look-alikes of UTS #39 folded
// (joined), with digits as letters (leet), with words as digits (numbers), with
// spelled dots and ats, and as its reader has it who did what it says ("remove the
// stars": dots), backwards (reversed, mirrored), and behind what the
// same sender wrote in the last minute (split). Chinese words that are written in
// Latin letters, as pictures, in parts or as others that sound alike are written as
// they are read aloud (sound).
//
// One Aho-Corasick pass over a view finds the literals of all rules at once. A
// pattern only runs near one of its literals, on a machine that counts its steps,
// and a detector only on a text that has what it needs (digits, an @, a dot, a
// cue word). Detectors of numbers never read a view in which letters and digits
// that look alike were confused.
//
// Where no order of words is given, senses are looked for: lists of words that mean
// the same, of which those of a combination must stand near each other in one
// sentence. They are found in the same pass, and a combination that is complete
// costs a look at its sentence.
//
// What paraphrases is told by a model of package wording, which adds up what each word
// and each two in a row say for and against an offence in a sentence or two. It reads
// each view once for the rules of all four categories (contact.wording and so on).
// From one score on a sentence is blocked, from a lower one on it is delivered and
// flagged, by a rule of its own, so that a tenant can switch off or soften either.
// Such a rule tells only where no other of its category did, marks from the first to
// the last of the words that weighed most, and names those in its explanation. The
// model also takes back what a preset's patterns and combinations of senses find in a
// text that does not resemble an offence of any category, in sets that have those rules.
//
// # Where a word belongs
//
// What offends by its words alone, in any order, stands in senses/*.txt, a file for
// each group, English before Chinese: the combinations first, then the lists that
// they name. Where the order matters a form stands in forms/*.txt, behind the lists
// that it is made of. A phrase that offends by itself stands in phrases/*.txt, and
// what words are hidden with by their sound in phrases/sound.txt. The rules that use
// them all are in builtin*.go. Words that take an offence back, because a desk warns,
// reports or keeps to its terms, stand in told.go. What each row of testdata holds is
// said in its file's first line; a word comes with rows there of what it must catch
// and, in good, of what it must not. The model is trained with those rows, and made
// again whenever they change (go generate). What stands in testdata/unseen and
// testdata/strangers nothing is made of: no word is added for it, and nobody trains with
// it. The first are rows of authors whose other rows the model has learned from, the second
// all rows of authors that it has nothing of: a desk's own agents are strangers.
//
// Every look at a text, each step of a pattern and each look into the numbering
// plans is paid for out of one share of work per text. When that is used up the
// text is read no further and counts as not judged, and the policy of each category
// decides: closed (the default) holds it, open delivers and flags it.
//
// # Ordering and concurrency
//
// Check is safe for any number of callers at once; what it needs for one text
// comes from a pool. It allocates nothing for a message without a hit. The
// result depends on the text, the context and the rules only: no clock, no
// network, no disk, no randomness. Violations are in order of their start. A
// Window belongs to one caller at a time.
//
// # What it may import
//
// hub/event and libraries that compute.
//
// # Decisions
//
// Rules read what goes to the customer unless they say otherwise. A customer
// who writes his own number gives it to the desk, he breaks no rule; a rule
// with direction from_customer or both reads him too.
//
// An ordinary link is flagged and not blocked, because a desk sends links to
// its own shop all day and the engine does not know them until a tenant lists
// them under allow. Links that open a chat or a payment elsewhere are blocked, and so
// is an address whose dot is spelled, or that is found only where letters are folded,
// signs that nobody sees left out, words turned around or messages put together: who
// writes it so hides it.
//
// Hits of the severity monitor are named in Result.Rules and are no violations:
// the reports count a stored violation as a risky message, and monitoring must
// not move them.
//
// Of two matches that overlap and share a category the more severe counts, then
// the rule that stands earlier in the list, so that one offence is reported
// once and a rule list can put the precise rule before the broad one. A match
// inside a more severe one is hidden whatever its category.
//
// The Aho-Corasick automaton is our own. BobuSumisu/aho-corasick keeps a table of
// 2 KiB for each state, 333 MiB for 10,000 phrases; ours holds the same in 3 MB
// and walks as fast (BenchmarkLiterals). The tests compare the two. A data
// structure as small in the library would change this.
//
// Patterns run on our own backtracking machine over regexp/syntax. The standard
// library's cannot be stopped in the middle, nor look at a part of a text in its
// context, and its time grows with the program's length times the text's. A test
// holds the two equal. What is lost: a match that stretches more than 256
// bytes from its literal is not found unless the pattern bounds its own length.
//
// The wording is blocked, and takes back, from scores on that were chosen with rows of
// authors whom the model had not seen: three in 1,100 of their ordinary rows are blocked.
// Taking back costs one in three hundred of the offences that are blocked and spares one in
// six of the near misses. Of authors that neither rules nor model had seen the rules alone
// block 12 % of veiled insults, 18 % of contacts in pictures and 28 % of promises, and both
// together 57, 80 and 85 % (TestUnseenRows). More authors would move these most.
//
// A phrase is never taken back: it was listed because it offends by itself. Taking
// phrases back, too, let short offences pass whose every word a desk writes all day.
//
// Every pattern must contain a literal of two bytes or more that each of its
// matches contains; the compiler finds the rarest in the syntax tree. A pattern
// without one would run on every message, and is refused.
//
// Words that warn ("never", "请勿") right before a match of a rule with Unless let
// it pass: desks tell customers all day not to pay outside the platform. They do
// not count across a comma, and not for an account or a number itself. So do words
// in the whole sentence that nobody writes who means the offence: a scam is told
// of, protection is lost, a promise names the terms that it follows.
//
// A number that was hidden (digits as words, in circles, one by one, backwards)
// needs no word that says that it is to be called: nobody hides an order number.
// One in plain digits needs the shape of a telephone number or such a word, and a
// word that calls it something else lets it pass.
//
// A number that is written in several ways at once is read token by token: digits, words
// for them, letters that look so and characters that sound so, and what the text itself
// says to stand for one (E = 3). It counts where the digits are those of a number and
// enough of the tokens cannot be anything else; a shop's code has capitals only.
//
// A bank account is one by its check digits (ISO 13616), or by a word that calls it so
// with a bank's name or code beside it. A way to pay with a number or a name behind it
// is an account, too.
//
// A number whose digits are scattered over a text is one where the words say to put them
// together, or to dial what is called an order's, and the digits are as many as a large
// country's numbers have; in a text of over 320 bytes nobody finds it.
//
// A messenger's name that is respelled or said by its sound counts as meant as soon as a
// word like id, add or 搜 follows in the sentence: who means no harm writes the name. The
// name as it is written needs a handle, or words that invite.
//
// A name of the shape that people have in messengers (gemma_upcycles, @oilfilters, tuoyunma88)
// counts where a word near it may mean a messenger, however it is respelt or described, and
// the plainest shape by itself in a short text: among 19,000 texts of desks
// none has one that is no file's or field's. What looks like a code or a device needs a
// messenger's name, or stands at the end of what describes one.
//
// A card's check digit may be wrong where its digits are hidden or in fours and the words
// around it speak of a bank or of paying: whoever hides a number mistypes it, too, and
// no order number stands there.
//
// A mailbox or a page that is named without its address is one where a host or an ending
// and a name that is no word stand beside each other, with nothing between but words that
// may stand there: my gmail is lampsbyrita. What those are stands in phrases/mailbox.txt and
// phrases/domain.txt, and words that nobody is called in phrases/ordinary.txt.
//
// A split number is only blocked in its last piece, as the first ones look like
// any number; what arrives is incomplete. The caller says what was delivered. Its pieces
// are put in the order that their words tell ("last 3", "the front").
//
// A messenger's name that is a message by itself makes a handle of what follows it alone,
// and of what stood alone before it. Names that are words, too ("line", "飞机"), want a
// digit, a mark, two pieces or a word like id.
package risk
