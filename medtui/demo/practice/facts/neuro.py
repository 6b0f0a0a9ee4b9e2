# ruff: noqa: E501 - a template is easier to read on one line.
"""Facts for imaging of the head and the spine."""

from medtui.demo.practice.facts.imaging import SIDE, Examination, Normal, found

_LOBE = "frontal lobe|parietal lobe|temporal lobe|occipital lobe|basal ganglia|thalamus|cerebellum"
_DISC = "L2-L3|L3-L4|L4-L5|L5-S1"

HEAD = Examination(
    "CTHEAD",
    ("CT head without contrast", "NCCT brain", "CT brain plain", "MRI brain with contrast", "CT Head W/O"),
    (
        "{Contiguous axial sections|Axial sections, <n> mm}.",
        "{Motion artefact degrades some images.|Multiplanar sequences.}",
    ),
    (
        "{Fall|Head injury|RTA} {on warfarin|with loss of consciousness|yesterday}.",
        "{Sudden|Acute} {<side> sided weakness|slurred speech|facial droop}.",
        "{Headache|Thunderclap headache|Vomiting} {for <n> days|since morning}.",
        "{Memory loss|Confusion|First seizure}.",
    ),
    (
        found(
            "parenchyma",
            "{Hypodensity|Loss of grey-white differentiation|Low attenuation} in the <side> <lobe>{ in keeping with recent infarct|, acute in appearance}.",
            "Acute infarct in the <side> <lobe>.",
            "stroke team review and CT angiography.",
            side=SIDE,
            lobe=_LOBE,
        ),
        found(
            "parenchyma",
            "{Hyperdense haematoma|Intraparenchymal haemorrhage} in the <side> <lobe>, <long> x <short> mm{ with surrounding oedema|}.",
            "<long> x <short> mm haematoma in the <side> <lobe>.",
            "urgent neurosurgical opinion.",
            side=SIDE,
            lobe=_LOBE,
            long="#24-58",
            short="#12-23",
        ),
        found(
            "parenchyma",
            "{Enhancing|Ring-enhancing} lesion in the <side> <lobe> {measuring|of} <size> mm{, vasogenic oedema around it|}.",
            "<size> mm enhancing lesion in the <side> <lobe>.",
            "neurosurgical referral and systemic staging.",
            side=SIDE,
            lobe=_LOBE,
            size="#9-41",
        ),
        found(
            "extra-axial",
            "{Crescentic|Extra-axial} {collection|subdural collection} over the <side> convexity, <size> mm {thick|in depth}.",
            "<side> subdural haematoma, <size> mm.",
            "neurosurgical opinion today.",
            side=SIDE,
            size="#5-19",
        ),
        found(
            "midline",
            "Midline {shift|is displaced} {of|by} <size> mm to the <side>.",
            "Midline shift of <size> mm to the <side>.",
            "neurosurgical opinion today.",
            size="#3-11",
            side=SIDE,
        ),
        found(
            "white matter",
            "{Periventricular low attenuation|Confluent white matter change}, {likely small vessel disease|chronic ischaemic in type}.",
            "Chronic small vessel disease.",
            "control of vascular risk factors.",
        ),
        found(
            "volume",
            "{Generalised|Cerebral} atrophy, {more than expected for age|with prominent sulci}.",
            "Cerebral atrophy.",
            "memory clinic referral if clinically indicated.",
        ),
        found(
            "sinuses",
            "{Mucosal thickening|Fluid level} in the <side> maxillary sinus.",
            "<side> maxillary sinus disease.",
            "ENT review if symptomatic.",
            side=SIDE,
        ),
        found(
            "calvarium",
            "{Linear|Undisplaced} fracture of the <side> <bone> bone.",
            "Fracture of the <side> <bone> bone.",
            "neurological observation and neurosurgical opinion.",
            side=SIDE,
            bone="frontal|parietal|temporal|occipital",
        ),
        found(
            "posterior fossa",
            "{Cerebellopontine angle mass|Mass at the <side> CP angle} of <size> mm on the <side>.",
            "<size> mm <side> cerebellopontine angle mass.",
            "MRI with contrast and ENT referral.",
            side=SIDE,
            size="#8-27",
        ),
    ),
    (
        Normal(
            "extra-axial",
            "{No extra-axial collection|No subdural or extradural collection}.",
            "No extra-axial collection.",
        ),
        Normal(
            "parenchyma", "{No intracranial haemorrhage|No acute infarct or bleed}.", "No intracranial haemorrhage."
        ),
        Normal("midline", "{No midline shift|Midline structures central}."),
        Normal("ventricles", "{Ventricles normal for age|Ventricular system not dilated}."),
        Normal("calvarium", "{Calvarium intact|No skull fracture}."),
        Normal("sinuses", "{Paranasal sinuses clear|Mastoids well aerated}."),
        Normal("cisterns", "{Basal cisterns patent|Cisterns are preserved}."),
    ),
    "No acute intracranial abnormality.",
    "clinical observation.",
)

SPINE = Examination(
    "MRLS",
    ("MRI lumbosacral spine", "MR lumbar spine without contrast", "MRI LS spine", "MRI of the lumbar spine"),
    ("{Sagittal T1, T2 and STIR, axial T2|Multiplanar multisequence study}.", "{Limited study because of pain.|}"),
    (
        "{Low back pain|LBA|Backache} {radiating to the <side> leg|with sciatica|x <n> months}.",
        "{Neurogenic claudication|Foot drop|Numb toes}.",
        "{Back pain after a fall|Persistent pain despite physiotherapy}.",
    ),
    (
        found(
            "disc",
            "{At <disc>|<disc>}: {broad-based|diffuse|posterior} disc bulge {indenting the thecal sac|with facet hypertrophy}.",
            "Disc bulge at <disc>.",
            "physiotherapy and review.",
            disc=_DISC,
        ),
        found(
            "disc",
            "{At <disc>|<disc> level} {a|there is a} <side> {paracentral|foraminal} disc {extrusion|protrusion} of <size> mm {compresses|contacts} the nerve root.",
            "<side> disc protrusion at <disc>, <size> mm, with root compression.",
            "spinal surgery opinion.",
            disc=_DISC,
            side=SIDE,
            size="#4-12",
        ),
        found(
            "canal",
            "<grade> canal stenosis at <disc>, {AP diameter|canal} <size> mm.",
            "<grade> canal stenosis at <disc>, <size> mm.",
            "spinal surgery opinion.",
            grade="mild|moderate|severe",
            disc=_DISC,
            size="#6-11",
        ),
        found(
            "vertebra",
            "{Wedge|Compression} fracture of <level> with <loss> % loss of height{, marrow oedema present|}.",
            "Compression fracture of <level>, <loss> % height loss.",
            "bone density scan and osteoporosis work-up.",
            level="T11|T12|L1|L2|L3",
            loss="20|25|30|40|50",
        ),
        found(
            "alignment",
            "{Anterolisthesis|Forward slip} of {L4 on L5|L5 on S1}, grade <grade>{, pars defects seen|}.",
            "Spondylolisthesis, grade <grade>.",
            "flexion and extension radiographs.",
            grade="I|II",
        ),
        found(
            "infection",
            "{Endplate erosion|Marrow oedema} at <disc> with {fluid in the disc|a paravertebral collection}.",
            "Spondylodiscitis at <disc>.",
            "blood cultures and biopsy before antibiotics.",
            disc=_DISC,
        ),
        found(
            "facet",
            "{Facet joint arthropathy|Facet degeneration} at <disc>, {worse on the <side>|<side> more than the other side}.",
            "Facet arthropathy at <disc>, worse on the <side>.",
            "analgesia and core strengthening.",
            disc="L3-L4|L4-L5",
            side=SIDE,
        ),
    ),
    (
        Normal("cord", "{Conus ends at L1 and is normal|Conus and cauda equina normal}.", "Conus normal."),
        Normal("alignment", "{Alignment maintained|Normal lumbar lordosis}."),
        Normal("vertebra", "{Vertebral heights preserved|No fracture}.", "No vertebral fracture."),
        Normal("canal", "{Canal is adequate|No canal stenosis}."),
        Normal("soft tissue", "{Paraspinal soft tissues normal|Psoas muscles unremarkable}."),
        Normal("marrow", "{Marrow signal normal|No marrow replacement}."),
    ),
    "No significant disc or canal disease.",
    "physiotherapy and clinical review.",
)

EXAMINATIONS = (HEAD, SPINE)
