"""Words for imaging reports: what was examined, what can be seen there and what is usually done about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """One kind of imaging study.

    Attributes:
        studies: Names of the study.
        sites: Places where something may be seen.
        abnormal: Abnormal things; `$side` and `$site` may appear.
        normal: Phrases for what is unremarkable.
        follow_up: Phrases for what should happen next; `$interval` may appear.
    """

    studies: tuple[str, ...]
    sites: tuple[str, ...]
    abnormal: tuple[str, ...]
    normal: tuple[str, ...]
    follow_up: tuple[str, ...]


DEGREES = (
    *("small", "moderate", "large", "mild", "severe", "minimal", "marked", "trace", "subtle", "extensive"),
    *("stable", "new", "enlarging", "resolving", "chronic", "early", "focal", "diffuse", "patchy", "tiny"),
)

REGIONS = (
    Region(
        ("Chest radiograph", "CXR PA view", "X-ray chest", "Portable chest film", "Chest two views", "Skiagram chest"),
        (
            *("right lower lobe", "left lower lobe", "right upper lobe", "left upper lobe", "right middle lobe"),
            *("lingula", "right apex", "left apex", "left base", "right base", "right hilum", "left midzone"),
        ),
        (
            *("$side pleural effusion", "consolidation in the $site", "$side pneumothorax", "atelectasis at the $site"),
            *("nodule in the $site", "cavity in the $site", "reticular opacities in the $site", "cardiac enlargement"),
            *("$side hilar prominence", "interstitial oedema", "pulmonary vascular congestion", "air trapping"),
            *("fracture of the $side {fourth|fifth|sixth|seventh|eighth} rib", "elevated $side hemidiaphragm"),
            *(
                "bronchiectasis in the $site",
                "calcified granuloma in the $site",
                "unfolded aorta",
                "fibrosis at the $site",
            ),
            *("$side apical scarring", "widening of the upper mediastinum", "mass in the $site"),
        ),
        (
            *("heart size normal", "the cardiac silhouette is within normal limits", "no pneumothorax"),
            *(
                "costophrenic angles are sharp",
                "bony thorax intact",
                "hila unremarkable",
                "no free air under the diaphragm",
            ),
            *(
                "lungs otherwise clear",
                "trachea central",
                "no focal airspace disease",
                "mediastinal contours are normal",
            ),
        ),
        (
            *(
                "repeat radiograph in $interval",
                "CT of the chest",
                "clinical correlation",
                "follow-up film in $interval",
            ),
            *("lateral view", "sputum examination for AFB", "echocardiography", "comparison with old films"),
            *("chest ultrasound before drainage", "referral to the chest clinic within $interval"),
        ),
    ),
    Region(
        ("CT head without contrast", "NCCT brain", "Cranial CT", "MRI brain", "MR of the head with gadolinium"),
        (
            *(
                "left frontal lobe",
                "right frontal lobe",
                "left temporal lobe",
                "right parietal lobe",
                "right cerebellum",
            ),
            *("left basal ganglia", "pons", "left thalamus", "corona radiata", "right occipital lobe", "left insula"),
        ),
        (
            *(
                "acute infarct in the $site",
                "haematoma in the $site",
                "$side subdural collection",
                "old lacune in the $site",
            ),
            *("cerebral atrophy", "white matter disease", "mass in the $site", "hydrocephalus", "vasogenic oedema"),
            *("midline shift to the $side", "$side mastoid opacification", "ring-enhancing lesion in the $site"),
            *("microhaemorrhage in the $site", "$side maxillary sinus thickening", "aneurysm of the $side MCA"),
            *("diffusion restriction in the $site", "meningioma over the $site", "contusion of the $site"),
        ),
        (
            *("no haemorrhage", "ventricles are of normal calibre", "basal cisterns are patent", "no midline shift"),
            *(
                "grey-white differentiation preserved",
                "calvarium intact",
                "orbits unremarkable",
                "no extra-axial fluid",
            ),
        ),
        (
            *("MRI with contrast", "repeat CT in $interval", "neurosurgical opinion", "CT angiography of the neck"),
            *("neurology review within $interval", "follow-up MRI in $interval", "EEG", "lumbar puncture once safe"),
        ),
    ),
    Region(
        (
            "Abdominal ultrasound",
            "USG whole abdomen",
            "CT abdomen and pelvis",
            "CECT abdomen",
            "Sonography of the abdomen",
        ),
        (
            *(
                "segment VI of the liver",
                "segment IVa",
                "right kidney",
                "left kidney",
                "pancreatic head",
                "pancreatic tail",
            ),
            *(
                "gallbladder neck",
                "upper pole of the left kidney",
                "lower pole of the right kidney",
                "spleen",
                "uterine fundus",
            ),
            *(
                "sigmoid colon",
                "left adnexa",
                "right adnexa",
                "caecum",
                "terminal ileum",
                "bladder wall",
                "left adrenal",
            ),
        ),
        (
            *(
                "gallstones",
                "fatty liver",
                "$side hydronephrosis",
                "$side renal calculus",
                "cyst in the $site",
                "free fluid",
            ),
            *(
                "splenomegaly",
                "hepatomegaly",
                "dilatation of the common bile duct",
                "mass in the $site",
                "thickened appendix",
            ),
            *(
                "lesion in the $site",
                "prostatic enlargement",
                "fibroid in the $site",
                "$side ovarian cyst",
                "diverticulosis",
            ),
            *(
                "$side ureteric stone",
                "peripancreatic stranding",
                "abdominal aortic aneurysm",
                "ascites",
                "portal vein thrombus",
            ),
            *(
                "wall thickening of the $site",
                "para-aortic lymph nodes",
                "abscess in the $site",
                "$side inguinal hernia",
            ),
            *("haemangioma in the $site", "angiomyolipoma in the $site", "increased echogenicity of the $side kidney"),
        ),
        (
            *(
                "pancreas unremarkable",
                "spleen normal in size",
                "no free fluid",
                "both kidneys are normal",
                "no biliary dilatation",
            ),
            *(
                "urinary bladder well distended",
                "aorta of normal calibre",
                "no lymph node enlargement",
                "bowel loops normal",
            ),
            *("gallbladder without stones", "liver smooth in outline", "adrenals unremarkable", "appendix not seen"),
        ),
        (
            *(
                "surgical opinion",
                "liver function tests",
                "repeat ultrasound in $interval",
                "MRCP",
                "triphasic CT of the liver",
            ),
            *(
                "urology review within $interval",
                "PSA",
                "CT follow-up in $interval",
                "fluids and analgesia",
                "colonoscopy",
            ),
            *("MRI of the liver in $interval", "weight loss and lipid profile", "urine culture", "gynaecology review"),
        ),
    ),
    Region(
        (
            "MRI lumbar spine",
            "MR cervical spine",
            "X-ray knee AP and lateral",
            "MRI shoulder",
            "Radiograph of the wrist",
        ),
        (
            *(
                "L4-L5",
                "L5-S1",
                "L3-L4",
                "C5-C6",
                "C6-C7",
                "T12",
                "medial compartment",
                "distal radius",
                "femoral neck",
            ),
            *("lateral meniscus", "supraspinatus tendon", "scaphoid waist", "lateral malleolus", "fifth metatarsal"),
        ),
        (
            *("disc bulge at $site", "disc protrusion at $site", "canal stenosis at $site", "fracture of the $site"),
            *(
                "$side foraminal narrowing at $site",
                "osteoarthritis of the $side knee",
                "joint effusion",
                "tear of the $site",
            ),
            *(
                "compression fracture of $site",
                "$side sided nerve root contact at $site",
                "loose body in the $side knee",
            ),
            *(
                "bone marrow oedema in the $site",
                "spondylolisthesis at $site",
                "degeneration of the $site",
                "osteophytes",
            ),
            *("cyst behind the $side knee", "loss of lumbar lordosis", "$side rotator cuff tendinosis"),
        ),
        (
            *(
                "alignment maintained",
                "conus normal",
                "no fracture",
                "soft tissues unremarkable",
                "vertebral heights preserved",
            ),
            *("cruciate ligaments intact", "no joint effusion", "joint spaces preserved", "no cord signal change"),
        ),
        (
            *(
                "orthopaedic review in $interval",
                "physiotherapy for $interval",
                "immobilisation and repeat film in $interval",
            ),
            *(
                "MRI if symptoms persist beyond $interval",
                "spinal surgery opinion",
                "bone density scan",
                "weight-bearing views",
            ),
        ),
    ),
    Region(
        (
            "Thyroid ultrasound",
            "Bilateral mammogram",
            "Breast ultrasound",
            "Neck sonography",
            "Venous Doppler of the leg",
        ),
        (
            *("left thyroid lobe", "right thyroid lobe", "isthmus", "upper outer quadrant", "left breast at 2 o'clock"),
            *(
                "right breast at 9 o'clock",
                "left axilla",
                "level II of the neck",
                "popliteal vein",
                "common femoral vein",
            ),
        ),
        (
            *(
                "nodule in the $site",
                "hypoechoic lesion in the $site",
                "cluster of calcifications in the $site",
                "goitre",
            ),
            *("simple cyst in the $site", "lymph node at the $site", "thrombus in the $site", "ductal ectasia"),
            *(
                "heterogeneous texture of the $site",
                "fibroadenoma in the $site",
                "$side parotid swelling",
                "reflux in the $site",
            ),
        ),
        (
            *(
                "no suspicious nodes",
                "vascularity normal",
                "no architectural distortion",
                "veins compressible",
                "skin normal",
            ),
            *("no microcalcifications", "isthmus normal", "contralateral side unremarkable"),
        ),
        (
            *(
                "fine needle aspiration",
                "core biopsy",
                "annual screening",
                "repeat scan in $interval",
                "TSH and free T4",
            ),
            *("anticoagulation for $interval", "six-monthly surveillance", "surgical referral within $interval"),
        ),
    ),
)
