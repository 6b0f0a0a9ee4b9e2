# ruff: noqa: E501 - a table is easier to read with one entry on a line.
"""Names for fictional people and places, combined across origins so that no combination is a known person's."""

GIVEN = {
    ("US", "F"): (
        "Marisol", "Wilhelmina", "Odessa", "Tamsin", "Beatrix", "Leocadia", "Philippa", "Ramona", "Yolanda", "Henrietta",
        "Cordelia", "Imani", "Saoirse", "Dolores", "Mabel", "Rosalind", "Thuy", "Xiomara", "Ottilie", "Francine", "Lucinda",
        "Geraldine", "Noelle", "Verity", "Hazel", "Joy", "Grace", "May", "Clementine", "Augustina", "Paloma", "Winifred",
    ),
    ("US", "M"): (
        "Thaddeus", "Bartholomew", "Alonzo", "Cornelius", "Desmond", "Ezequiel", "Florian", "Gideon", "Horatio", "Ignacio",
        "Jedediah", "Kwame", "Lysander", "Mateo", "Nehemiah", "Octavio", "Percival", "Quentin", "Roderick", "Stellan",
        "Tobias", "Ulysses", "Virgil", "Wendell", "Will", "Mark", "Drew", "Zachariah", "Amos", "Lucian", "Anselm", "Casimir",
    ),
    ("IN", "F"): (
        "Anasuya", "Bhavani", "Charulata", "Devika", "Eshwari", "Gayathri", "Hemlata", "Indumati", "Jyotsna", "Kamakshi",
        "Lalitha", "Madhuri", "Nandini", "Oviya", "Padmini", "Revathi", "Sharmistha", "Tejaswini", "Urmila", "Vaidehi",
        "Yashoda", "Zeenat", "Asha", "Usha", "Farzana", "Gurpreet", "Meenakshi", "Parvathy", "Rukmini", "Shabnam", "Tara",
    ),
    ("IN", "M"): (
        "Achyut", "Balaram", "Chidambaram", "Dattatreya", "Eknath", "Ganapathy", "Harishankar", "Imtiaz", "Jagannath",
        "Karthikeyan", "Lakshmikant", "Madhav", "Narasimhan", "Omkar", "Purushottam", "Raghavendra", "Sudhakar", "Trilochan",
        "Uday", "Venkatesh", "Yuvraj", "Zubin", "Arif", "Balwinder", "Chandrasekhar", "Dinesh", "Gopal", "Hari", "Ravi", "Jai",
    ),
}  # fmt: skip

FAMILY = {
    "US": (
        "Abernethy-Okoro", "Ashgrove", "Birchwhistle", "Brannigan", "Calloway-Reyes", "Castellanos", "Delacroix", "Drummond",
        "Eastwick", "Featherstone", "Fairweather", "Garrigan", "Goldhammer", "Greenleaf", "Hawthornthwaite", "Holloway",
        "Ingersoll", "Jankowiak", "Kettering", "Kowalczyk", "Langenfeld", "Little", "Lindqvist", "McGillicuddy", "Montalvo",
        "Nakashima", "Nwachukwu", "O'Hanrahan", "Oyelaran", "Park", "Pemberwick", "Quillfeather", "Rosenqvist", "St. Clair",
        "Stone", "Szymanski", "Tamarack", "Thistlewood", "Underhill", "Van Orden", "Vasquez-Thorne", "Whitlock",
        "Winterbourne", "Woodhull", "Yarborough", "Young", "Zapatero", "Zielinski-Moss", "Nguyen-Hale", "Bell", "Rivers", "Frost",
    ),
    "IN": (
        "Acharya", "Agnihotri", "Bandyopadhyay", "Bhattarai", "Borthakur", "Chakrabarti", "Chaturvedi", "Deshmukh-Rao",
        "D'Souza", "Dhillon", "Easwaran", "Fernandes", "Gaikwad", "Ganguly", "Hazarika", "Iyengar", "Jambulingam", "Joshi",
        "Kulkarni", "Kurien", "Lokhande", "Mahapatra", "Menon", "Mukhopadhyay", "Naidu", "Nambiar", "Oommen", "Pattanaik",
        "Pillai", "Qureshi", "Ramanathan", "Rajagopalan", "Sahasrabuddhe", "Shetty", "Subramanian", "Thakkar", "Tripathi",
        "Unnikrishnan", "Vaidyanathan", "Venkataraghavan", "Wadekar", "Yadav", "Zaveri", "Bose", "Dey", "Rao", "Khan", "Sen",
    ),
}  # fmt: skip

US_STREETS = (
    "Wisteria", "Old Quarry", "Juniper Hollow", "Lantern Hill", "Cottonwood", "Saddleback", "Meadowlark", "Brickyard",
    "Harbor View", "Cider Mill", "Whippoorwill", "North Prairie", "Sycamore", "Granite", "Mulberry", "Heron",
)  # fmt: skip
US_STREET_KINDS = ("St", "Street", "Ave", "Avenue", "Lane", "Ln", "Rd", "Road", "Blvd", "Drive", "Ct", "Way")
US_TOWNS = (
    ("Maplewick", "OH", "441"), ("Cedar Junction", "IA", "503"), ("Port Ellery", "ME", "041"), ("Fort Tamsin", "TX", "787"),
    ("Lake Orrin", "MI", "490"), ("Bellhaven", "NC", "279"), ("San Lucero", "NM", "875"), ("Pine Gulch", "CO", "806"),
    ("East Harlow", "PA", "174"), ("Marrowstone Bay", "WA", "983"), ("Dayton", "OH", "454"), ("Boise", "ID", "837"),
    ("Savannah", "GA", "314"), ("Duluth", "MN", "558"), ("Tulsa", "OK", "741"), ("Reading", "PA", "196"),
)  # fmt: skip
IN_TOWNS = (
    ("Pune", "Maharashtra", "MH", "4110"), ("Nashik", "Maharashtra", "MH", "4220"), ("Chennai", "Tamil Nadu", "TN", "6000"),
    ("Madurai", "Tamil Nadu", "TN", "6250"), ("Bengaluru", "Karnataka", "KA", "5600"), ("Mysuru", "Karnataka", "KA", "5700"),
    ("Kochi", "Kerala", "KL", "6820"), ("Kolkata", "West Bengal", "WB", "7000"), ("Jaipur", "Rajasthan", "RJ", "3020"),
    ("Lucknow", "Uttar Pradesh", "UP", "2260"), ("Ahmedabad", "Gujarat", "GJ", "3800"), ("Hyderabad", "Telangana", "TS", "5000"),
    ("Guwahati", "Assam", "AS", "7810"), ("Sundargiri", "Odisha", "OD", "7510"), ("Nilpur", "Punjab", "PB", "1410"),
)  # fmt: skip
IN_LOCALITIES = (
    "Kothrud", "Ashok Nagar", "Gandhi Nagar", "Besant Nagar", "Jayanagar 4th Block", "Sector 21", "Civil Lines",
    "Banjara Hills", "Salt Lake", "Ernakulam North", "Malviya Nagar", "Indira Colony", "Shivaji Park", "Vidyanagar",
)  # fmt: skip
IN_BUILDINGS = (
    "Shanti Residency", "Om Sai Apartments", "Lakshmi Nivas", "Green Meadows", "Ganga Vihar", "Saraswati Kunj",
    "Palm Grove Heights", "Rajdeep Society", "Neelkanth Towers", "Sri Krishna Villa",
)  # fmt: skip
IN_ROADS = (
    "MG Road",
    "Station Road",
    "Temple Street",
    "Link Road",
    "3rd Cross",
    "Ring Road",
    "Gandhi Marg",
    "Lake View Road",
)
