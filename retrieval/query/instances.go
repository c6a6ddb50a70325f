package query

// instances returns a few well-known instances of what a type word names.
// Their mean vector stands for the type where the word itself is a poor guide
// to its instances; nil where the word will do. Only kinds of things that are
// asked for every day stand here.
func instances(typ string) []string {
	switch typ {
	case "country", "nation", "countries", "nations":
		return []string{"france", "germany", "japan", "india", "brazil", "russia", "china", "mexico", "turkey"}
	case "state", "states":
		return []string{"california", "texas", "ohio", "florida", "georgia", "michigan", "arizona", "oregon"}
	case "city", "cities", "town", "capital":
		return []string{"chicago", "london", "paris", "houston", "tokyo", "boston", "berlin"}
	case "company", "companies", "firm", "business", "giant", "brand", "corporation":
		return []string{"microsoft", "google", "walmart", "boeing", "amazon", "disney", "pfizer", "nike"}
	case "automaker", "carmaker", "car":
		return []string{"ford", "toyota", "honda", "tesla", "volkswagen", "nissan"}
	case "airline", "carrier":
		return []string{"delta", "lufthansa", "southwest", "qantas", "jetblue"}
	case "retailer", "store", "supermarket", "supermarkets":
		return []string{"walmart", "target", "costco", "kroger", "tesco"}
	case "chain", "restaurant":
		return []string{"mcdonald", "wendy", "starbucks", "subway", "chipotle"}
	case "university", "college", "school":
		return []string{"harvard", "yale", "stanford", "princeton", "columbia"}
	case "team", "club":
		return []string{"eagles", "cowboys", "yankees", "lakers", "arsenal", "dodgers"}
	case "network", "channel", "broadcaster", "outlet", "newspaper":
		return []string{"cnn", "nbc", "fox", "bbc", "espn", "hbo"}
	case "animal", "species", "creature", "pet":
		return []string{"dog", "cat", "bear", "snake", "elephant", "whale", "bird"}
	case "food", "item", "ingredient", "snack", "dish", "treat", "meal":
		return []string{"eggs", "cheese", "chicken", "butter", "sandwich", "pizza", "chocolate"}
	case "drink", "beverage":
		return []string{"coffee", "beer", "wine", "soda", "latte"}
	case "sport":
		return []string{"soccer", "tennis", "golf", "basketball", "hockey"}
	case "virus", "disease", "illness", "condition":
		return []string{"flu", "measles", "polio", "ebola", "cancer", "dementia"}
	case "singer", "rapper", "musician", "artist", "star", "pop":
		return []string{"beyonce", "madonna", "rihanna", "adele", "elton", "bieber"}
	case "actor", "actress", "celebrity":
		return []string{"hanks", "pitt", "clooney", "streep", "roberts", "depp"}
	case "color", "colour":
		return []string{"red", "blue", "purple", "green", "yellow"}
	case "language":
		return []string{"english", "french", "arabic", "spanish"}
	case "planet":
		return []string{"mars", "venus", "jupiter", "saturn"}
	case "holiday":
		return []string{"christmas", "thanksgiving", "easter", "juneteenth"}
	case "party":
		return []string{"republican", "democratic", "labour", "conservative"}
	case "platform", "app", "site", "website":
		return []string{"facebook", "twitter", "instagram", "youtube", "netflix"}
	case "substance", "chemical", "drug", "material":
		return []string{"cocaine", "alcohol", "mercury", "insulin", "nicotine"}
	}
	return nil
}
