package main

// companyWords are the two parts of invented company names.
func companyWords() (first, second [24]string) {
	first = [24]string{
		"Amberfield", "Birchmoor", "Cedarwick", "Dovecote", "Elmstead", "Foxglove", "Greywater", "Hazelmere",
		"Ivybridge", "Jasperhill", "Kestrelby", "Lindenvale", "Mossbank", "Nettlecombe", "Oakhanger", "Pebbleford",
		"Quillbrook", "Rookwood", "Silverbeck", "Thistledown", "Underhill", "Violetmoor", "Willowgate", "Yarrowdale",
	}
	second = [24]string{
		"Foods", "Logistics", "Textiles", "Energy", "Packaging", "Clinics", "Insurance", "Machinery",
		"Timber", "Publishing", "Hotels", "Ceramics", "Optics", "Shipping", "Chemicals", "Schools",
		"Bakeries", "Robotics", "Tourism", "Fisheries", "Media", "Water", "Studios", "Retail",
	}
	return first, second
}
