package simulator

import "github.com/floorlight/floorlight/hub/event"

var english = vocabulary{
	first: []string{
		"Amelia", "Noah", "Priya", "Marcus", "Elena", "Tom", "Grace", "Omar", "Hannah", "Diego", "Sofia", "Ethan", "Ruby", "Kwame", "Ingrid", "Leo",
		"Naomi", "Felix", "Maya", "Victor", "Clara", "Samir", "Freya", "Jonas", "Tessa", "Andre", "Lena", "Owen", "Bianca", "Theo", "Yara", "Paul",
	},
	last: []string{
		"Brooks", "Okafor", "Lindqvist", "Marsh", "Delgado", "Whitaker", "Novak", "Iyer", "Hughes", "Castellano", "Park", "Thorne", "Meyer", "Abbott",
		"Rossi", "Kaplan", "Quinn", "Santos", "Fraser", "Boyd", "Haddad", "Lowell", "Moreau", "Sato", "Vance", "Ellis", "Winters", "Dunn",
	},
	nameOrder: "{first} {last}",
	products: []string{
		"the oak reading lamp", "the linen duvet set", "the cast-iron pan", "the trail backpack", "the ceramic pour-over set", "the wool throw",
		"the folding desk", "the rain jacket", "the travel kettle", "the bamboo shelf", "the noise-cancelling headset", "the city bike helmet",
		"the standing lamp in brass", "the merino crew sweater", "the knife block", "the yoga mat",
	},
	teams: map[event.Intent]string{
		event.IntentPrePurchase: "Sales", event.IntentAftersales: "Returns & Repairs", event.IntentLogistics: "Delivery", event.IntentOther: "Sales",
	},
	tags: map[event.Intent][]string{
		event.IntentPrePurchase: {"sizing", "stock", "discount", "comparison"}, event.IntentAftersales: {"return", "refund", "defect", "warranty"},
		event.IntentLogistics: {"late", "address", "tracking", "customs"}, event.IntentOther: {"account", "feedback", "invoice"},
	},
	reasons:  []string{"slow reply", "problem not solved", "had to repeat myself", "passed around", "unclear answer"},
	currency: "USD", low: 14, high: 260,
	opening: map[event.Intent][]string{
		event.IntentPrePurchase: {
			"Hi, is {product} back in stock soon?", "Does {product} come in a smaller size?", "I'm looking at {product}. Is it worth it for daily use?",
			"Quick question: does {product} ship to Canada?", "What is the difference between {product} and last year's one?",
			"Is there any discount if I take two of {product}?", "Hello! Would {product} make a good present for my dad?",
			"How long is the warranty on {product}?", "Can I try {product} and return it if it doesn't fit?", "Do you have {product} in dark green?",
		},
		event.IntentAftersales: {
			"Order {order}: {product} arrived with a crack in it", "I'd like to return {product}, how does that work?",
			"My refund for order {order} hasn't shown up after {days} days", "The zip on {product} broke after {days} days", "You sent me the wrong colour, order {order}",
			"{product} stopped working yesterday. It is still under warranty", "Can I swap {product} for the larger one?",
			"One part is missing from {product}, order {order}", "I returned order {order} last week. Did it reach you?",
		},
		event.IntentLogistics: {
			"Where is my order {order}? It was due {days} days ago", "Tracking for order {order} hasn't moved in {days} days", "Can I still change the address of order {order}?",
			"The courier says delivered but I have nothing, order {order}", "Will order {order} arrive before the weekend?",
			"Order {order} came in two parcels and one is missing", "Is it possible to pick order {order} up myself?", "How long does delivery take to Oregon?",
		},
		event.IntentOther: {
			"I can't log in to my account any more", "Could I get an invoice for order {order}?", "Just wanted to say your packing is lovely", "How do I unsubscribe from the newsletter?",
			"I have two accounts, can you merge them?", "Are you open on public holidays?", "My gift card isn't accepted at the checkout",
		},
	},
	followUp: []string{
		"Yes, that's right", "Order {order}", "Hm, I tried that already", "Okay, and how long will that take?", "It's for a friend, so sooner would be better", "I can send a photo if it helps",
		"No, only the one item", "That would be great", "Could you check again, please?", "I ordered it {days} days ago", "Sure, give me a second", "And is that free of charge?",
		"I'm not sure I follow, what do I do first?", "Right, that makes sense", "Is there another option?", "Let me look... yes, I see it now",
	},
	wantHuman: []string{
		"Can I talk to a person, please?", "That didn't answer it. Is anybody there?", "I need a human for this", "Agent please", "This is a bit more complicated, can someone look at it?",
	},
	thanks: []string{
		"Great, thank you!", "Thanks, that helps a lot", "Perfect, thanks", "You've been really kind, thank you", "Okay, I'll wait for it then. Thanks", "Brilliant, all sorted", "ok thx",
	},
	giveUp: []string{"Never mind, I'll come back later", "This takes too long, sorry", "I'll try again tomorrow"},
	botAnswer: map[event.Intent][]string{
		event.IntentPrePurchase: {"Happy to help you choose! You'll find sizes and stock on the page of {product}.", "Most items ship within {days} days, and returns are free for a month.", "Tell me what matters most to you: size, colour or price?"},
		event.IntentAftersales:  {"I'm sorry about that. A return can be started from Orders, then Return an item.", "Refunds take up to {days} working days after the parcel reaches us.", "Could you tell me which part of {product} is affected?"},
		event.IntentLogistics:   {"Let me look that up. The parcel left our warehouse {days} days ago.", "Delivery takes {days} days on average at the moment.", "An address can be changed until the parcel is packed."},
		event.IntentOther:       {"I can help with orders, returns and your account. Which is it?", "Invoices are under Orders, then Documents.", "Thanks for telling us! I've noted it down."},
	},
	botMore:   []string{"Did that answer your question?", "Is there anything else about order {order}?", "Here is what I found about {product}. Does it help?", "I've checked it again; the status hasn't changed."},
	botPass:   []string{"I'll get a colleague for you, one moment please.", "Let me bring in somebody who can look into this.", "Passing you to our team now."},
	botTicket: []string{"All colleagues are busy. I've made a ticket, and you'll hear from us today.", "I've written this down for the team; they will answer here as soon as they can."},
	botAway:   []string{"This is beyond what I can do. Our help centre has a form for it, and the team answers within a day.", "I can't settle this in the chat. Please fill in the form on our contact page, so that the right person gets it."},
	greeting:  []string{"Hi {name}, I'm with you now. ", "Hello {name}! ", "Thanks for waiting, {name}. ", "Hi there. ", "Good to hear from you, {name}. ", ""},
	answer: map[event.Intent][]string{
		event.IntentPrePurchase: {
			"{product} is back on Thursday; I can put one aside for you.", "For daily use I'd take it, most customers keep it for years.", "It runs slightly large, so go one size down.",
			"We have it in green and in charcoal at the moment.", "Two pieces get you free shipping, the offer is applied in the cart.", "The warranty is two years, parts included.", "Yes, you can try it at home for thirty days.",
		},
		event.IntentAftersales: {
			"I'm sorry about that. I've started an exchange for {product}.", "The refund was sent {days} days ago, the bank usually needs a little longer.", "A return label is in your account under order {order}.",
			"Could you tell me what the damage looks like?", "I'll send the missing part today, at no charge.", "We can repair it or replace it, whichever you prefer.", "Your return reached us this morning and is being checked.",
		},
		event.IntentLogistics: {
			"I've asked the courier; the parcel is in the depot and comes tomorrow.", "Order {order} left us {days} days ago and is on its way.", "The address is changed, nothing else to do.",
			"The second parcel is one day behind, sorry about that.", "I've opened a search for it. If it isn't found in {days} days we send a new one.", "Yes, it should be there before the weekend.",
		},
		event.IntentOther: {
			"I've reset it, please try to sign in again.", "The invoice for order {order} is in your account now.", "That's lovely to hear, I'll pass it on to the warehouse.", "Both accounts are merged now.", "The gift card works again, it had been locked by mistake.",
		},
	},
	more: []string{
		"Of course, let me check that for you.", "Done. You'll see it in your account in a few minutes.", "That takes about {days} days.", "No, it's free of charge.", "I've made a note on order {order}, so nobody will ask you again.",
		"I'd suggest the second option, it's quicker.", "I've just looked: everything is as it should be.", "Sure, I've added that to the order.", "You don't have to do anything else.", "I understand. Let me see what I can do.",
	},
	link:     []string{"You can follow the parcel at https://parcels.example.com/{order}.", "The courier shows it on https://parcels.example.com/{order}, it changes every few hours."},
	transfer: []string{"My colleague from the other team knows this better, I'll pass you over.", "One moment, I'm handing you to the right desk."},
	farewell: []string{"You're welcome, have a lovely day!", "Glad I could help. Bye for now!", "Any time. Take care, {name}.", "Thanks for your patience, bye!"},
	broadcast: []string{
		"New this week: {product}, with free delivery until Sunday.", "Your favourites are back in stock. Have a look at {product}.",
	},
	risky: []string{
		"It's easier by phone, call me at 415-555-0148", "Add me on WhatsApp: +1 415 555 0172 and I'll send you the photos", "My wechat is lily_shop88, I can do a better price there", "Pay me directly with PayPal and I'll take 10% off",
		"Just email me at sam.desk@gmail.com", "Send the money to my Zelle and I'll ship it today", "Write to me on Telegram @deskhelper22, it's quicker",
	},
	corrected: []string{
		"Sorry, let's stay here in the chat. I'll sort it out for you right away.", "Let me do that for you in this chat.", "Please use the checkout as usual, I'll apply what I can to the order.",
	},
	again: []string{
		"Sorry, me again: it still does not work.", "One more thing about this, I forgot to ask.", "It has not arrived in my account yet, could you look again?", "I tried what you said and it is not solved.",
	},
	lead:       "Dana Whitfield",
	disputed:   []string{"The customer asked me for it.", "This is on our own page for everybody.", "I only repeated what the customer had written.", "It was the quickest way to help."},
	upheld:     []string{"The rule holds whoever asked for it first.", "Please keep contact and payment in the chat.", "It leads the customer away from the shop."},
	overturned: []string{"The customer had written it himself, it was blocked wrongly.", "This one is public and may be given.", "It stands on our own page. Thank you for telling us."},
}
