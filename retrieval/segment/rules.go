package segment

import "verbatim/retrieval/corpus"

// rule says what a line is by its words. The line is compared in lower case
// with straight quotation marks. Empty lists ask for nothing.
type rule struct {
	reason corpus.Reason
	words  int      // the line has at most so many words
	open   bool     // the line does not end as a sentence does
	starts []string // it begins with one of these, as whole words
	holds  []string // it holds one of these
	and    []string // and one of these
}

// lineRules returns the rules of whole lines. The first that fits decides.
func lineRules() []rule {
	return []rule{
		{corpus.ReasonNotice, 90, false, nil, []string{"safe and engaging place for", "article commenting", "all rights reserved", "may not be published, broadcast", "may not be reproduced", "storage, sharing and use of this information", "uses cookies", "use cookies", "without permission is prohibited", "without credit", "future publishing limited brands", "tick here", "content is produced independently of"}, nil},
		{corpus.ReasonNotice, 90, false, nil, []string{"privacy policy", "privacy notice", "terms of service", "terms of use", "terms and conditions"}, []string{"agree", "subject to", "managed", "as described", "see our", "read our", "applies", "apply"}},
		{corpus.ReasonNotice, 30, false, []string{"©", "(c)", "copyright"}, []string{"20", "19"}, nil},
		{corpus.ReasonNotice, 30, false, []string{"this story", "this article", "this post", "this report", "this is a developing", "this is a breaking", "the story", "this file", "this page"}, []string{"has been updated", "was updated", "have been updated", "will be updated", "is being updated", "was originally published", "originally appeared", "first appeared", "was first published", "is developing", "developing story", "breaking news story", "has been corrected", "was produced", "was updated", "check back", "may earn a commission", "appeared in", "is part of a"}, nil},
		{corpus.ReasonNotice, 30, false, []string{"prices were accurate", "check back for", "check back later", "the views expressed", "the opinions expressed", "our fact check work", "our fact-check work", "purchases you make through", "we may earn", "editor's note: this story has been", "if you can't see this", "if you do not see", "health and patient safety coverage at"}, nil, nil},
		{corpus.ReasonNotice, 60, false, nil, []string{"content free as a public service", "support the work we're doing", "support the work we do", "this content is free", "story is free to read", "free of charge as a public service"}, nil},
		{corpus.ReasonNotice, 60, false, nil, []string{"purchases you make through our links", "recommendations are independently chosen", "does not provide editorial input", "transcript was automatically generated"}, nil},

		{corpus.ReasonComments, 60, false, nil, []string{"email address will not be published", "required fields are marked", "comments are closed", "commenting is closed", "comments have been closed", "comments are moderated"}, nil},
		{corpus.ReasonComments, 12, false, []string{"leave a comment", "leave a reply", "leave your comment", "post a comment", "write a comment", "add a comment", "view comments", "show comments", "hide comments", "read comments", "load comments", "view all comments", "show all comments", "load more comments", "be the first to comment", "log in to comment", "login to comment", "there are no comments", "no comments", "join the conversation", "join the discussion"}, nil, nil},

		{corpus.ReasonAdvert, 120, false, []string{"video ad feedback", "ad feedback", "just watched", "how relevant is this ad", "how relevant is the ad"}, nil, nil},
		{corpus.ReasonAdvert, 40, true, nil, []string{" - source: "}, nil},
		{corpus.ReasonAdvert, 5, false, []string{"advertisement", "advertising", "sponsored", "sponsored content", "promoted content", "paid content", "skip advert", "skip ad", "skip advertisement", "report this ad"}, nil, nil},
		{corpus.ReasonAdvert, 6, false, []string{"story continues below", "article continues below", "story continues after", "article continues after", "continue reading below"}, nil, nil},
		{corpus.ReasonAdvert, 90, false, []string{"sign up", "sign-up", "signup", "subscribe", "register", "get our", "get the", "get cnn", "get your", "get 5", "get '5", "receive our", "want more", "like what you", "want news", "stay in the conversation", "smart analysis delivered", "for more odd news", "what's everyone talking about", "don't miss out", "never miss", "stay up-to-date", "stay up to date", "stay updated", "would you like to receive", "the weekday newsletter", "join our", "join us", "not a subscriber"}, []string{"newsletter", "in your inbox", "your inbox", "to our", "subscribe", "sign up", "alerts", "whatsapp channel", "telegram channel", "subscription", "to the week"}, nil},
		{corpus.ReasonAdvert, 90, false, nil, []string{"newsletter", "your inbox"}, []string{"sign up here", "sign up for free", "sign up for the", "sign up for our", "sign up to", "sign up right here", "sign up now", "sign up today", ". subscribe to", "! subscribe to", "? subscribe to", "subscribe here", "try it here", "subscribe using", "subscribe now", "subscribe today", "first appeared", "a version of this", "delivered to your inbox", "get updates"}},
		{corpus.ReasonAdvert, 40, false, []string{"support local journalism", "support quality journalism", "support journalism like this", "support our journalism", "thank you for supporting our journalism", "help support", "you can support", "to support", "unlock unlimited", "get more", "for unlimited access", "for full access", "to get unlimited access", "please support", "consider supporting", "become a member", "become a subscriber", "download our app", "download the app", "get the app", "need a break?", "need a news break?", "prep for the polls", "these articles are for usa today subscribers", "take cnn's weekly", "podcasts:", "more on", "subscriber exclusive:", "subscriber-exclusive:", "just for subscribers"}, []string{"subscri", "app", "crossword", "play", "voter guide", "quiz", "podcast", "member", "digital", "exclusive", "listening"}, nil},

		{corpus.ReasonTeaser, 45, true, []string{"also read:", "read also:", "must read:", "must-read:", "read more:", "more:", "related:", "see also:", "see more:", "watch:", "watch now:", "listen:", "recommended:", "don't miss:", "you may also like:", "up next:", "in other news:", "read:", "read next:", "dig deeper:", "go deeper:", "learn more:", "in depth:", "latest:", "live updates:", "latest news:", "fact check:", "opinion:", "exclusive:", "analysis:", "explainer:", "photos:", "in pictures:", "video:", "graphics:", "interactive:", "follow every game:", "for subscribers:", "deals:", "shop:", "review:", "recap:", "ranking:", "what to know:", "by the numbers:", "from the archives:", "previously:", "background:", "next:", "previous:", "view:", "see:", "report:", "quiz:", "podcast:", "today's top stories:", "live:", "start the day smarter:", "more from", "more coverage:"}, nil, nil},
		{corpus.ReasonTeaser, 45, false, []string{"more:", "read more:", "related:", "also read:", "read also:", "must read:", "see also:"}, nil, nil},
		{corpus.ReasonTeaser, 12, true, []string{"click here", "read more about", "read the full", "see the full", "read more on", "more on", "see photos", "see more", "more coverage", "more on the", "more from", "read full story", "go to full", "view gallery", "view the gallery", "see gallery", "full coverage"}, nil, nil},
		{corpus.ReasonTeaser, 30, false, []string{"follow every game:", "click here for", "click here to", "read more about", "for more on", "for more information on this", "view more opinion", "read more opinion", "check your local forecast"}, nil, nil},
		{corpus.ReasonTeaser, 30, false, []string{"what's the weather"}, []string{"forecast"}, nil},

		{corpus.ReasonCredit, 40, false, []string{"contributing:", "contributed:", "contributors:", "reporting by", "additional reporting by", "additional reporting:", "(reporting by", "(additional reporting", "editing by", "edited by", "written by", "(writing by", "compiled by", "with additional reporting", "with inputs from", "(with inputs", "with files from", "from usa today network", "from staff", "content from", "graphic by"}, nil, nil},
		{corpus.ReasonCredit, 8, true, []string{"special to", "special for", "usa today network", "staff and wire reports"}, nil, nil},
		{corpus.ReasonCredit, 70, true, nil, []string{"contributing: "}, nil},
		{corpus.ReasonCredit, 40, false, nil, []string{"contributed to this report", "contributed to this story", "contributed reporting", "contributed to this article", "contributed to the report"}, nil},
		{corpus.ReasonCredit, 14, true, []string{"photo:", "photos by", "photo by", "image:", "picture:", "pictures:", "photograph:", "photo credit:", "image credit:", "photo courtesy", "image courtesy", "credit:", "source:", "video by", "photo illustration", "file photo", "photograph by", "image by", "images:", "image credits:"}, nil, nil},
		{corpus.ReasonCredit, 60, false, []string{"follow", "contact", "reach", "email", "e-mail", "have a tip", "got a tip", "send tips", "have an idea", "you can follow", "find him", "find her", "tweet", "twitter:", "call"}, []string{"@", "on twitter", "on x,", "on facebook", "on instagram"}, nil},
		{corpus.ReasonCredit, 90, false, nil, []string{"@"}, []string{"reach him at", "reach her at", "reach them at", "reach the reporter", "reached at", "contact him at", "contact her at", "contact the reporter", "follow him on", "follow her on", "follow them on", "follow me on", "find him on", "find her on", "email him at", "email her at", "her at", "him at", "on twitter @", "on twitter: @", "on twitter at @", "on x @", "on x at @", "on x: @", "can be reached", "on instagram @"}},
		{corpus.ReasonAdvert, 40, false, nil, []string{"follow reviewed on", "for the latest deals", "subscribe to the statesman", "to support his work", "to support her work"}, nil},
		{corpus.ReasonCredit, 70, false, nil, []string{"the opinions expressed", "the views expressed", "opinions expressed in this", "views expressed in this"}, nil},

		{corpus.ReasonOther, 10, false, []string{"follow us on", "like us on", "find us on", "follow us", "back to top", "skip to content", "skip to main content", "copy link", "share this", "share on", "tweet this", "listen to this", "watch the video below", "listen below", "print this", "email this"}, nil, nil},
	}
}
