// Package discordtest is a small Discord: a REST API and a gateway on the
// loopback interface, for tests of a bot.
//
// It does what the real service does (identify, resume, intents, shards,
// permissions, limits, the three seconds an interaction waits) and, when a test
// asks for it, what the real service does badly: no Hello, no acknowledgment,
// Reconnect and Invalid Session at the worst moment, rate limits, a 502 after
// the work was done, answers that never come, events twice or out of order.
//
//	srv, err := discordtest.New(discordtest.Options{Guilds: []discordtest.Guild{
//		{ID: "100", Name: "Newsroom", Channels: []discordtest.Channel{{ID: "200", Name: "general"}}},
//	}})
//	if err != nil {
//		t.Fatal(err)
//	}
//	defer srv.Close()
//
//	session, err := discordgo.New("Bot " + srv.Token())
//	session.Client.Transport = srv.Transport(nil) // or point the endpoints at srv.URL()
//	…
//	srv.At(discordtest.OnResume, discordtest.Reconnect()) // the fault
//	call := srv.Slash(discordtest.Invocation{GuildID: "100", ChannelID: "200"}, "ask",
//		discordtest.Option{Name: "question", Type: 3, Value: "Who?"})
//	reply, err := call.Reply(ctx)        // waits for an answer that is not "thinking"
//	bad := srv.Violations()              // every request that Discord, or our own rules, would refuse
//
// Every wait takes a context and ends as soon as what it waits for has happened:
// nothing here polls. A Server and its Calls are safe for concurrent use.
//
// The package imports no Discord library, so that a fault of one cannot hide in it.
package discordtest
